import { afterAll, beforeAll, describe } from 'vitest';
import { accessibility } from './accessibility.ts';
import { buildPage, chromiumPeer, type BuiltPage } from './browser.ts';
import { captureFiles } from './capture-files.ts';
import { copying } from './copying.ts';
import { exchanges } from './exchanges.ts';
import { marking } from './marking.ts';
import { overviews } from './overviews.ts';
import { payloads } from './payloads.ts';
import { times } from './times.ts';
import { weight } from './weight.ts';
import { filtering } from './filtering.ts';
import { idle } from './idle.ts';
import { hostileTraffic } from './hostile-traffic.ts';
import { keyboardOnly } from './keyboard-only.ts';
import { liveList } from './live-list.ts';
import { longLists } from './long-lists.ts';
import { rail } from './rail.ts';
import { savedFiltering } from './saved-filtering.ts';
import { secrets } from './secrets.ts';
import { closeSharedConversation } from './shown-page.ts';
import { whoMayLook } from './who-may-look.ts';

// One file, so that the page is built once and one Chromium serves all.
describe.skipIf(chromiumPeer.isMissing)('the page in Chromium', { timeout: 60_000 }, () => {
  let page: BuiltPage;
  const built = (): BuiltPage => page;

  beforeAll(async () => {
    page = await buildPage();
  }, 60_000);

  afterAll(async () => {
    await closeSharedConversation();
    await page.close();
  });

  describe('the live list', () => {
    liveList(built);
  });
  describe('who may look', () => {
    whoMayLook(built);
  });
  describe('the filter', () => {
    filtering(built);
  });
  describe('saved filters', () => {
    savedFiltering(built);
  });
  describe('copying', () => {
    copying(built);
  });
  describe('the exchanges', () => {
    exchanges(built);
  });
  describe('marks', () => {
    marking(built);
  });
  describe('the rail', () => {
    rail(built);
  });
  describe('payloads', () => {
    payloads(built);
  });
  describe('overviews', () => {
    overviews(built);
  });
  describe('the timeline', () => {
    times(built);
  });
  describe('the page', () => {
    weight(built);
    idle(built);
  });
  describe('secrets', () => {
    secrets(built);
  });
  describe('files', () => {
    captureFiles(built);
  });
  describe('the keyboard alone', () => {
    keyboardOnly(built);
  });
  describe('long lists', () => {
    longLists(built);
  });
  describe('hostile traffic', () => {
    hostileTraffic(built);
  });
  describe('axe', () => {
    accessibility(built);
  });
});
