import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** `unit` needs nothing but Node; `web` mounts parts of the dashboard; `real` starts real servers on free ports; `browser` drives Chromium against the whole system. One group after the other. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.real.test.ts', 'test/**/*.browser.test.ts', 'test/dashboard/web/**'],
        },
      },
      {
        plugins: [vue()],
        test: {
          name: 'web',
          include: ['test/dashboard/web/**/*.test.ts'],
          environment: 'happy-dom',
          setupFiles: 'test/dashboard/web/setup.ts',
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/**/*.real.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
