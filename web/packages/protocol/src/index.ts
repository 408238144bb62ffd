export type * from './generated.ts'
export * from './read.ts'
