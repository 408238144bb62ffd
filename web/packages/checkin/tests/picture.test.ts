import { expect, it } from 'vitest'

import { measurePicture } from '../src/index.ts'

function draw(width: number, height: number, grey: (x: number, y: number) => number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(4 * width * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rgba.set([grey(x, y), grey(x, y), grey(x, y), 255], 4 * (y * width + x))
  }
  return rgba
}

it('measures a flat picture as flat', () => {
  const looks = measurePicture(draw(16, 12, () => 254), 16, 12)
  expect(looks.mean).toBeCloseTo(254, 1)
  expect([looks.deviation < 0.5, looks.sharpness]).toEqual([true, 0])
})

it('measures edges as sharp and slopes as blurred', () => {
  const stripes = measurePicture(draw(160, 120, (x) => (Math.floor(x / 8) % 2 === 0 ? 40 : 200)), 160, 120)
  const slope = measurePicture(draw(160, 120, (x) => 40 + x), 160, 120)
  expect(stripes.sharpness).toBeGreaterThan(0.05)
  expect(slope.sharpness).toBeLessThan(0.05)
  expect(slope.deviation).toBeGreaterThan(12)
})

it('has nothing to say of no points', () => {
  expect(measurePicture(new Uint8ClampedArray(0), 0, 0)).toEqual({ mean: 0, deviation: 0, sharpness: 0 })
})
