// The program starts as few files: reading hundreds of modules takes longer than most commands do. The library
// stays as tsc wrote it. What holds a native part, or must not be bundled, is left where npm put it.
import { defineConfig } from 'rolldown';

export default defineConfig({
  input: 'dist/main.js',
  platform: 'node',
  external: ['cross-fetch', '@photostructure/sqlite'],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js', minify: false },
});
