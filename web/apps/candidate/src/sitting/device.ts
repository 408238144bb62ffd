/** What the browser says of the computer: for the proctor's board, never needed for answering. */

interface Battery {
  level: number
  charging: boolean
}

/** Return charge and charger; nothing where the browser does not say. */
export async function readBattery(): Promise<{ battery_percent?: number; is_charging?: boolean }> {
  const get = (navigator as { getBattery?: () => Promise<Battery> }).getBattery
  if (get === undefined) return {}
  try {
    const battery = await get.call(navigator)
    return { battery_percent: Math.round(battery.level * 100), is_charging: battery.charging }
  } catch {
    return {}
  }
}

/** Return the browser's estimate of the line; null where it has none. */
export function downKbps(): number | null {
  const megabits = (navigator as { connection?: { downlink?: number } }).connection?.downlink
  return megabits === undefined ? null : Math.round(megabits * 1000)
}
