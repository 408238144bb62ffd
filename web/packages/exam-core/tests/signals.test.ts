import { expect, it } from 'vitest'

import { clockJumpMs, looksDocked, looksVirtual } from '../src/index.ts'

it.each([
  ['OBS Virtual Camera', true], ['ManyCam Virtual Webcam', true], ['DroidCam Source 3', true], ['/tmp/OBS Virtual Camera.mjpeg', true], ['快手虚拟摄像头', true],
  ['Integrated Webcam (0bda:5689)', false], ['HD Pro Webcam C920', false], ['FaceTime HD Camera', false], ['USB2.0 摄像头', false], ['', false],
])('%s looks virtual: %s', (label, expected) => expect(looksVirtual(label)).toBe(expected))

it.each([
  [0, 60_000, 60_000, 0], [0, 64_999, 60_000, 0], [0, 65_000, 60_000, 5_000], [0, -3_540_000, 60_000, -3_600_000],
])('a clock that went from %d to %d in %d ms jumped by %d', (before, wall, steady, jump) => {
  expect(clockJumpMs({ wall: before, steady: 0 }, { wall, steady })).toBe(jump)
})

it.each([
  [{ outerWidth: 1280, innerWidth: 1272, outerHeight: 800, innerHeight: 700, devicePixelRatio: 1 }, false],
  [{ outerWidth: 1280, innerWidth: 717, outerHeight: 800, innerHeight: 700, devicePixelRatio: 1 }, true],
  [{ outerWidth: 1280, innerWidth: 1280, outerHeight: 800, innerHeight: 300, devicePixelRatio: 1 }, true],
  [{ outerWidth: 1280, innerWidth: 640, outerHeight: 800, innerHeight: 360, devicePixelRatio: 2 }, false],
  [{ outerWidth: 0, innerWidth: 0, outerHeight: 0, innerHeight: 0, devicePixelRatio: 1 }, false],
])('docked tools: %o %s', (sizes, expected) => expect(looksDocked(sizes)).toBe(expected))
