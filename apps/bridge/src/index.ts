export { startBridge, type Bridge } from './start-bridge.ts';
export type { BridgeConfig, BridgeOptions, BridgeParts } from './config/bridge-config.ts';
export { BridgeConfigError } from './config/resolve-config.ts';
