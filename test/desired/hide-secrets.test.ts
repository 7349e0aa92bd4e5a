import { describe, expect, it } from 'vitest';
import { hideSecrets, quote } from '../../src/desired/hide-secrets.js';

const secret = '0123456789abcdef-_';

describe('where events are taken', () => {
  it.each([
    `https://h.example/events/${secret}`,
    `h.example/events/${secret}`,
    `htps:/h.example/events/${secret}?x=1`,
    `/events/${secret}`,
    `h.example/events/${secret}/ x`,
    `{callbackUrl: https://h.example/events/${secret}, mutee: 1}`,
    `callbackUrl:https://h.example/events/${secret}`,
    `see h.example/events/${secret}.`,
    `https://u:p@h.example:8080/x/events/${secret}#y`,
  ])('is hidden in %s', (text) => {
    expect(hideSecrets(text)).toContain('/events/***');
    expect(hideSecrets(text)).not.toContain(secret.slice(0, 8));
    expect(quote(text)).not.toContain(secret.slice(0, 8));
  });

  it.each([
    'desired/events/quarterly-all-hands-meeting.yaml:3:5: error',
    'desired/events/quarterly-all-hands-meeting/rooms.yaml',
    'desired/events/2026',
  ])('is not what %s is', (text) => {
    expect(hideSecrets(text)).toBe(text);
  });
});
