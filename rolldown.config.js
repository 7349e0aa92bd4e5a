// The program starts as few files: reading hundreds of modules takes longer than most commands do. The library
// stays as tsc wrote it. What holds a native part, or must not be bundled, is left where npm put it.
import { fileURLToPath, URL } from 'node:url';
import { defineConfig } from 'rolldown';

const resolve = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));

export default defineConfig({
  input: 'dist/main.js',
  platform: 'node',
  external: ['cross-fetch', '@photostructure/sqlite'],
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
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify: false,
    // A plan is asked for more often than anything else: all that it needs is one file.
    codeSplitting: { groups: [{ name: 'core', test: /\/dist\/cli\/(plan|program)\.js$/ }] },
  },
});
