/** Begin a turn: returns whether it is still the newest. What was asked in an older one says nothing about what is known now. */
export type BeginTurn = () => () => boolean

/** Numbers what is asked and learnt of one thing, so that answers that come late can be dropped. */
export function makeTurns(): BeginTurn {
  let newest = 0
  return () => {
    const mine = ++newest
    return () => mine === newest
  }
}
