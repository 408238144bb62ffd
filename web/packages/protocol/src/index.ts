export type * from './generated.ts'
export * from './read.ts'
export * from './fold.ts'
export * from './stills.ts'
