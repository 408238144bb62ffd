/** Which question lies open, so that a reload finds the place again. */

const keyOf = (attemptId: string): string => `invigil.place.${attemptId}`

export const keptPlace = (attemptId: string): string | null => sessionStorage.getItem(keyOf(attemptId))

export const keepPlace = (attemptId: string, item: string): void => sessionStorage.setItem(keyOf(attemptId), item)
