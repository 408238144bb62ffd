/** The two themes both applications know; `contrast` is for people who see little. */
export const THEMES = ['light', 'contrast'] as const
export type Theme = (typeof THEMES)[number]

export const PRODUCT_NAME = { zh: '明鉴', en: 'Invigil' } as const
