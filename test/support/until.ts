/** Waits for something to become true, looking again every few milliseconds; fails with its description when the time is up. */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: { readonly timeoutMs?: number; readonly what?: string } = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + (options.timeoutMs ?? 10_000)
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > deadline)
      throw new Error(`never became true within ${options.timeoutMs ?? 10_000} ms: ${options.what ?? condition.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
