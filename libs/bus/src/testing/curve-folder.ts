import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { CURVE_FILES } from '@xts-bridge/contracts'
import { curveKeyPair } from 'zeromq'
import type { ClientCurve } from '../curve/curve-keys'

/** An address of this machine that is not loopback; undefined when it has none. */
export function publicAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}

/** A CURVE folder of a house, with its own client on the allow-list. Remove it afterwards. */
export class CurveFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'xts-bus-curve-'))
  readonly serverPublicKey: string

  constructor() {
    const server = curveKeyPair()
    const house = curveKeyPair()
    this.serverPublicKey = server.publicKey
    mkdirSync(join(this.path, CURVE_FILES.clients))
    this.write(CURVE_FILES.serverSecret, server.secretKey)
    this.write(CURVE_FILES.serverPublic, server.publicKey)
    this.write(CURVE_FILES.clientSecret, house.secretKey)
    this.allow('house', house.publicKey)
  }

  /** A client with keys of its own; `name` puts it on the allow-list. */
  client(name?: string): ClientCurve {
    const pair = curveKeyPair()
    if (name !== undefined) this.allow(name, pair.publicKey)
    return { ...pair, serverPublicKey: this.serverPublicKey }
  }

  allow(name: string, publicKey: string): void {
    this.write(join(CURVE_FILES.clients, `${name}.pub`), publicKey)
  }

  revoke(name: string): void {
    rmSync(join(this.path, CURVE_FILES.clients, `${name}.pub`))
  }

  letOthersRead(file: string): void {
    chmodSync(join(this.path, file), 0o644)
  }

  drop(file: string): void {
    rmSync(join(this.path, file))
  }

  remove(): void {
    rmSync(this.path, { recursive: true })
  }

  private write(file: string, text: string): void {
    writeFileSync(join(this.path, file), `${text}\n`, { mode: 0o600 })
  }
}
