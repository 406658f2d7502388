/** Lets the callbacks of one client out in the order its messages came, each not before its time: so a client that sends too fast is read more slowly, and its acknowledgements keep their order. */
export interface Gate {
  /** @returns the function to call when the message is done; `notBefore` on the monotonic clock. */
  enter(notBefore: number, out: (error?: Error) => void): (error?: Error) => void
}

interface Passage {
  readonly notBefore: number
  readonly out: (error?: Error) => void
  done: { readonly error: Error | undefined } | undefined
}

export function createGate(now: () => number, onWait: () => void): Gate {
  const passages: Passage[] = []
  let timer: NodeJS.Timeout | undefined
  const open = () => {
    for (let first = passages[0]; first?.done; first = passages[0]) {
      const waitMs = first.notBefore - now()
      if (waitMs > 0) {
        onWait()
        timer ??= setTimeout(() => {
          timer = undefined
          open()
        }, waitMs)
        return
      }
      passages.shift()
      first.out(first.done.error)
    }
  }
  return {
    enter: (notBefore, out) => {
      const passage: Passage = { notBefore, out, done: undefined }
      passages.push(passage)
      return (error) => {
        passage.done = { error }
        open()
      }
    },
  }
}
