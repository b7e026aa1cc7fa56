import { BUS_ENDPOINTS } from '@xts-bridge/contracts'
import type { SettingProblem } from '@xts-bridge/runtime'
import type { HouseSettings } from './settings'

const THIS_MACHINE = /^(ipc:|tcp:\/\/(127(\.\d{1,3}){3}|\[::1\]|localhost):)/

/** Bus endpoints that leave this machine without encryption, so that a start says so before any service fails on it. */
export function exposedEndpoints(settings: HouseSettings): readonly SettingProblem[] {
  if (settings.BUS_CURVE !== 'off') return []
  const names = Object.keys(BUS_ENDPOINTS) as (keyof typeof BUS_ENDPOINTS)[]
  const problem = 'is neither loopback nor ipc, which needs BUS_CURVE=remote (docs/remote-access.md)'
  return names.filter((name) => !THIS_MACHINE.test(settings[name])).map((setting) => ({ setting, problem }))
}
