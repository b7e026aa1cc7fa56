import type { BrokerProfile } from './model'

export declare function brokerProfile(name: string, overrides?: Partial<BrokerProfile>): BrokerProfile
