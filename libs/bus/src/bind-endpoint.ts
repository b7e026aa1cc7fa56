import { processCurve, type GuardedSocket } from './curve/bus-curve'
import { bindLocal, bindNamed, type BindableSocket } from './local-endpoint'

/**
 * Binds as the process's CURVE demands: plainly on this machine, with keys and allow-list elsewhere. Returns and throws
 * as `bindLocal`, and CURVE_KEYS_UNUSABLE.
 */
export async function bindEndpoint(
  socket: BindableSocket & GuardedSocket,
  endpoint: string,
  endpointSetting: string,
): Promise<string> {
  const curve = processCurve()
  if (curve?.guards(endpoint) !== true) return bindLocal(socket, endpoint, endpointSetting)
  curve.guard(socket, endpoint)
  return bindNamed(socket, endpoint, endpointSetting)
}
