/** Shows who it is: with a password that is fetched for each attempt, and with a token in enhanced authentication. */
import { connect, MqttError, tokenAuth } from 'omqtt';

const url = process.env['BROKER'] ?? 'mqtt://localhost';

const withPassword = await connect(url, { credentials: () => ({ username: 'meter', password: 'correct' }) });
console.log('the password is right');
await withPassword.close();
// → the password is right

// The function is asked again for each attempt and each re-authentication, so a token is never stale.
const auth = tokenAuth({ method: 'TOKEN', token: () => `token-${Date.now()}` });
const withToken = await connect(url, { auth });
await withToken.reauthenticate(); // before the token expires, on the same connection
console.log('the token is right, twice');
await withToken.close();
// → the token is right, twice

try {
  await connect(url, { credentials: { username: 'meter', password: 'wrong' } });
} catch (error) {
  if (error instanceof MqttError) console.log(error.code, error.reasonCode, error.retryable);
}
// → connect-refused 134 false
