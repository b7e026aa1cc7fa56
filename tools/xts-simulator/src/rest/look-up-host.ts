import { refusal, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import type { OpenCall } from './route'

/** Published in the broker's own clients, and the same for everybody. */
const ACCESS_PASSWORD = '2021HostLookUpAccess'
/** `interactive_1.0.1`, `interactiveapi_1.0.1`, `interactive_2.0`: all were seen to work. */
const VERSION = /^interactive(?:api)?_\d+(?:\.\d+)+$/
const NODES = [1, 2, 5, 7, 9, 10] as const

/** POST /hostlookup: which node of the cluster to log in at. `type` is a boolean here, unlike everywhere else. */
export function lookUpHost(broker: Broker, call: OpenCall): Answer {
  const fields = new FieldReader(lowerCasePassword(call.body), 'body')
  const password = fields.text('accesspassword')
  const version = fields.text('version')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (password !== ACCESS_PASSWORD) return refusal('hostlookup', 'Invalid access password')
  if (!VERSION.test(version)) return refusal('hostlookup', `Invalid version ${version}`)
  const { hostLookupType, hostLookupAddress } = broker.choices
  return {
    status: 200,
    body: {
      type: hostLookupType === 'boolean' ? true : 'success',
      code: 'hostlookup',
      description: 'Hostlookup successful',
      result: {
        uniqueKey: broker.ids.bytes(48).toString('base64'),
        connectionString: addressOf(broker, call.origin, hostLookupAddress),
        timeStamp: '0',
        remarks: '',
      },
    },
  }
}

/** Some clients write AccessPassword. */
function lowerCasePassword(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('AccessPassword' in body)) return body
  const { AccessPassword, ...rest } = body
  return { accesspassword: AccessPassword, ...rest }
}

function addressOf(broker: Broker, origin: string, address: 'hostlookup' | 'interactive' | 'bare'): string {
  if (address === 'bare') return origin
  const node = NODES[(broker.ids.bytes(1)[0] ?? 0) % NODES.length]
  return `${origin}/${node}${address}`
}
