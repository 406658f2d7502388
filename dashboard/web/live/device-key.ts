/** Under which key a device's live state is kept on the screen. */
export const deviceKey = (kind: string, id: string): string => `${kind}/${id}`
