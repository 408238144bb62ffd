/** How far an import has come, as the steps above it count: choosing a file, looking at the preview, written. */
export const IMPORT_STEPS = { discarded: 0, reading: 1, ready: 1, refused: 1, writing: 2, written: 3 } as const
