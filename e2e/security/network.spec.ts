import { expect, test as base } from '../support/lab';
import {
  httpListener,
  inForeignWindow,
  type Listener,
  REFUSALS_ARE_WANTED,
  udpListener,
  whatWouldHaveArrived,
} from './support';

const test = base.extend<{ server: Listener }>({
  server: async ({}, use) => {
    const server = await httpListener();
    await use(server);
    await server.close();
  },
});

test.use(REFUSALS_ARE_WANTED);

test('the server of these tests can be reached', async ({ server }) => {
  expect(await (await fetch(`http://127.0.0.1:${server.port}/`)).text()).toBe('reached');
  expect(server.arrivals()).toBe(1);
});

test('no way of asking brings a page to a server', async ({ page, server }) => {
  const outcome = await page.evaluate(async (port) => {
    const http = `http://127.0.0.1:${port}`;
    const ended = (start: (done: (result: string) => void) => void) =>
      new Promise<string>((resolve) => {
        setTimeout(() => resolve('nothing'), 1500);
        try {
          start(resolve);
        } catch (error) {
          resolve((error as Error).name);
        }
      });
    const element = (name: string, attributes: Record<string, string>) =>
      ended((done) => {
        const made = document.createElement(name);
        made.addEventListener('load', () => done('loaded'));
        made.addEventListener('error', () => done('refused'));
        try {
          for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
        } catch (error) {
          done((error as Error).name);
        }
        document.head.append(made);
      });
    const violated = new Set<string>();
    document.addEventListener('securitypolicyviolation', (event) => violated.add(event.effectiveDirective));
    const results = {
      fetch: await fetch(`${http}/fetch`).then(
        () => 'loaded',
        (error: Error) => error.name,
      ),
      xhr: await ended((done) => {
        const request = new XMLHttpRequest();
        request.addEventListener('load', () => done('loaded'));
        request.addEventListener('error', () => done('refused'));
        request.open('GET', `${http}/xhr`);
        request.send();
      }),
      socket: await ended((done) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`);
        socket.addEventListener('open', () => done('loaded'));
        socket.addEventListener('error', () => done('refused'));
      }),
      events: await ended((done) => {
        const source = new EventSource(`${http}/events`);
        source.addEventListener('open', () => done('loaded'));
        source.addEventListener('error', () => done('refused'));
      }),
      beacon: await ended((done) => done(navigator.sendBeacon(`${http}/beacon`, 'x') ? 'queued' : 'refused')),
      image: await element('img', { src: `${http}/image.png` }),
      style: await element('link', { rel: 'stylesheet', href: `${http}/a.css` }),
      script: await element('script', { src: `${http}/a.js` }),
      module: await import(/* @vite-ignore */ `${http}/a.mjs`).then(
        () => 'loaded',
        (error: Error) => error.name,
      ),
      frame: await element('iframe', { src: `${http}/frame` }),
      video: await element('video', { src: `${http}/a.mp4` }),
      prefetch: await element('link', { rel: 'prefetch', href: `${http}/prefetch` }),
      preconnect: await element('link', { rel: 'preconnect', href: http }),
      font: await new FontFace('probe', `url(${http}/a.woff2)`).load().then(
        () => 'loaded',
        (error: Error) => error.name,
      ),
    };
    return {
      loaded: Object.entries(results)
        .filter(([, result]) => result === 'loaded')
        .map(([name]) => name),
      violated: [...violated].sort(),
    };
  }, server.port);
  await whatWouldHaveArrived();
  // A frame's load event also fires for the empty page that stands in for what was refused.
  expect(outcome.loaded.filter((name) => name !== 'frame')).toEqual([]);
  expect(outcome.violated).toEqual(
    expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'media-src', 'style-src-elem']),
  );
  expect(server.arrivals()).toBe(0);
});

test('a peer connection sends nothing', async ({ page }) => {
  const stun = await udpListener();
  const candidates = await page.evaluate(async (port) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
    const found: string[] = [];
    peer.addEventListener('icecandidate', ({ candidate }) => candidate?.candidate && found.push(candidate.candidate));
    peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return found;
  }, stun.port);
  await stun.close();
  expect(candidates).toEqual([]);
  expect(stun.arrivals()).toBe(0);
});

test('a page without any content policy cannot reach a server either', async ({ app, server }) => {
  const code = `fetch('http://127.0.0.1:${server.port}/').then(() => 'loaded', (error) => error.name)`;
  expect(await inForeignWindow(app, 'about:blank', code)).toBe('TypeError');
  await whatWouldHaveArrived();
  expect(server.arrivals()).toBe(0);
});

test('the main process is refused by the same filter', async ({ app, server }) => {
  const results = await app.evaluate(({ net, session }, port) => {
    const outcome = (asked: Promise<Response>) =>
      asked.then(
        () => 'loaded',
        (error: Error) => error.message,
      );
    return Promise.all([
      outcome(session.defaultSession.fetch(`http://127.0.0.1:${port}/`)),
      outcome(net.fetch(`http://127.0.0.1:${port}/`)),
      outcome(session.defaultSession.fetch('https://example.org/')),
    ]);
  }, server.port);
  await whatWouldHaveArrived();
  expect(results).toEqual(results.map(() => 'net::ERR_BLOCKED_BY_CLIENT'));
  expect(server.arrivals()).toBe(0);
});

test('no name is looked up', async ({ app }) => {
  // localhost is known without asking anybody, so only the rule can make it fail.
  const found = await app.evaluate(({ session }) =>
    session.defaultSession.resolveHost('localhost').then(
      () => 'found',
      (error: Error) => error.message,
    ),
  );
  expect(found).toContain('ERR_NAME_NOT_RESOLVED');
});

test('Chromium is told to stay at home', async ({ app }) => {
  const names = [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'disable-sync',
    'dns-prefetch-disable',
    'no-pings',
    'no-proxy-server',
  ];
  const given = await app.evaluate(
    ({ app: electron }, all) => all.filter((name) => electron.commandLine.hasSwitch(name)),
    names,
  );
  expect(given).toEqual(names);
  expect(await app.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled())).toBe(false);
});
