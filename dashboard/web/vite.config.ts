/** Builds the screens into dist/web: one small first load, every view and the charts loaded where they are shown. */
import { join, relative } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { brotli } from './brotli.ts'

/** The vocabulary, the kinds of devices, and what the screens of an estate show around their view. */
const BASE = /^(domain|devices|dashboard\/web\/(api|frame|i18n|live|parts|plan|routing|views\/shared\/(Loading|words)))\b/
/** …but for what only other pages need. */
const ELSEWHERE = /(live\/use-live-estates|domain\/(credential|rejection|role-status))\.ts$/
const projectRoot = join(import.meta.dirname, '..', '..')
const isBase = (id: string) => {
  const path = relative(projectRoot, id).replaceAll('\\', '/')
  return BASE.test(path) && !ELSEWHERE.test(path)
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue(), brotli()],
  resolve: { alias: [{ find: /^\.\/rules\.ts$/, replacement: join(import.meta.dirname, 'no-rules.ts') }] },
  // The pages are served under a content security policy: nothing inline, nothing from elsewhere.
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
    rolldownOptions: {
      output: {
        // What every signed-in screen needs is one file: it compresses better than thirty.
        codeSplitting: {
          groups: [
            { name: 'libraries', test: /node_modules[\\/](@vue|vue|@socket\.io|(socket|engine)\.io-)/ },
            { name: 'base', test: isBase },
          ],
        },
      },
    },
    chunkSizeWarningLimit: 700, // ECharts, loaded only where a chart is shown
  },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/socket.io': { target: 'http://127.0.0.1:8080', ws: true },
    },
  },
})
