/** A pause that ends early when there is something to do. */
export interface Sleeper {
  /** `throughHead`: only closing ends it early. */
  sleep(ms: number, options?: { readonly throughHead?: boolean }): Promise<void>
  wake(): void
  close(): void
}

export function makeSleeper(): Sleeper {
  let closed = false
  let end: ((closing: boolean) => void) | undefined
  return {
    sleep: (ms, { throughHead = false } = {}) =>
      new Promise<void>((resolve) => {
        if (closed) {
          resolve()
          return
        }
        const finish = () => {
          clearTimeout(timer)
          end = undefined
          resolve()
        }
        const timer = setTimeout(finish, ms)
        end = (closing) => {
          if (closing || !throughHead) finish()
        }
      }),
    wake: () => end?.(false),
    close: () => {
      closed = true
      end?.(true)
    },
  }
}
