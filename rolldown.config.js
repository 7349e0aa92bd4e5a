// The program starts as few files: reading hundreds of modules takes longer than most commands do. The library
// stays as tsc wrote it. What holds a native part, or must not be bundled, is left where npm put it.
import { fileURLToPath, URL } from 'node:url';
import { defineConfig } from 'rolldown';

const resolve = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));

// commander would load it for commands that are programs of their own, of which there are none.
const subprocess = "const childProcess = require('node:child_process');";

const withoutSubprocess = {
  name: 'without-subprocess',
  transform: {
    filter: { id: /\/commander\/lib\/command\.js$/ },
    handler: (code) => {
      if (!code.includes(subprocess)) throw new Error('commander loads node:child_process in another way');
      return code.replace(subprocess, '');
    },
  },
};

// V8 keeps a text in half the memory, and reads it in half the time, when there is nothing but ASCII in it.
const asciiOnly = {
  name: 'ascii-only',
  renderChunk: (code) =>
    code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
};

export default defineConfig({
  input: ['dist/main.js', 'dist/process.js'],
  platform: 'node',
  external: ['cross-fetch', '@photostructure/sqlite'],
  plugins: [withoutSubprocess, asciiOnly],
  // The same code as ES modules: what is not used falls away, and nothing is wrapped.
  resolve: {
    alias: {
      'fp-ts/lib': resolve('fp-ts/es6'),
      'io-ts/lib': resolve('io-ts/es6'),
      'io-ts': resolve('io-ts/es6/index.js'),
    },
  },
  output: {
    dir: 'dist',
    // Not as ES modules: Node's loader of these takes a quarter of its start, and has no code cache before Node 22.
    format: 'cjs',
    strict: true,
    entryFileNames: ({ name }) => (name === 'main' ? 'main.cjs' : 'chunks/[name].cjs'),
    chunkFileNames: 'chunks/[name]-[hash].cjs',
    // Licences stay.
    comments: { legal: true, annotation: false, jsdoc: false },
    minify: false,
    // A plan is asked for more often than anything else: all that it needs is one file.
    codeSplitting: { groups: [{ name: 'core', test: /\/dist\/cli\/(plan|program)\.js$/ }] },
  },
});
