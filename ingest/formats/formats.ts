/** The list of wire formats: a new one is one file beside this one and one line here. Their topics do not overlap. */
export { native } from './native.ts'
