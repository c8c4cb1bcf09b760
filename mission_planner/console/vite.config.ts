/** Builds the console; in development it serves it before a real center or before one that is only played. */
import { defineConfig } from 'vitest/config';
import { playedCenter } from './dev/plugin';

const center = process.env['RONDA_CENTER_URL']; // e.g. http://127.0.0.1:8000; without it the center is played

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 1600, assetsInlineLimit: 0 },
  worker: { format: 'es' },
  plugins: center ? [] : [playedCenter()],
  server: {
    host: '127.0.0.1',
    port: 8100,
    strictPort: true,
    ...(center ? { proxy: { '/api': { target: center } } } : {}),
  },
  preview: {
    host: '127.0.0.1',
    port: 8101,
    strictPort: true,
    ...(center ? { proxy: { '/api': { target: center } } } : {}),
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
