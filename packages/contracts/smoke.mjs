// Runs in an empty project that installed the package. It has no runtime code, so that it can be imported is all there is.
import * as contracts from '@omqtt/contracts';

const names = Object.keys(contracts);
if (names.length > 0) throw new Error(`types only, and yet there is ${names.join(', ')}`);
