/** Lets the callbacks of one client out in the order its messages came, each not before its time: so a client that sends too fast is read more slowly, and its acknowledgements keep their order. */
export interface Gate {
  /** `notBefore` is on the monotonic clock. */
  enter(notBefore: number, out: (error?: Error) => void): Passage
}

export interface Passage {
  /** The message is done: out it goes once it is the first and its time has come. */
  leave(error?: Error): void
}

class Waiting implements Passage {
  readonly notBefore: number
  readonly out: (error?: Error) => void
  readonly #open: () => void
  isDone = false
  error: Error | undefined = undefined

  constructor(notBefore: number, out: (error?: Error) => void, open: () => void) {
    this.notBefore = notBefore
    this.out = out
    this.#open = open
  }

  leave(error?: Error): void {
    this.isDone = true
    this.error = error
    this.#open()
  }
}

export function createGate(now: () => number, onWait: () => void): Gate {
  const passages: Waiting[] = []
  let timer: NodeJS.Timeout | undefined
  const open = () => {
    for (let first = passages[0]; first?.isDone; first = passages[0]) {
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
      first.out(first.error)
    }
  }
  return {
    enter: (notBefore, out) => {
      const passage = new Waiting(notBefore, out, open)
      passages.push(passage)
      return passage
    },
  }
}
