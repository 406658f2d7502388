/** Text in the two languages of the interface: Simplified Chinese first, English beside it. */
export interface Words {
  readonly zh: string
  readonly en: string
}
