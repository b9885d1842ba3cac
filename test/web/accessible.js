// Looks at pages in a browser: see README.md. NODE_PATH names the folder of the packages.
'use strict';

const fs = require('fs');
const path = require('path');
const {chromium} = require('playwright-core');

const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const narrow_pixels = 320;

const states = [
  {name: 'wide', viewport: {width: 1280, height: 900}},
  {name: 'narrow', viewport: {width: narrow_pixels, height: 640}},
  {name: 'dark', viewport: {width: 1280, height: 900}, media: {colorScheme: 'dark'}},
  {name: 'printed', viewport: {width: 794, height: 1123}, media: {media: 'print'}},
];

function tell(name, faults) {
  console.log(faults.length === 0 ? `ok ${name}` : `not ok ${name}: ${faults.join('; ')}`);
}

async function find_faults(page, state) {
  const result = await page.evaluate(
      (values) => globalThis.axe.run({runOnly: {type: 'tag', values}}), tags);
  const faults = result.violations.map(
      (violation) => `${violation.id} at ${violation.nodes.map((node) => node.target).join(', ')}`);
  const lost = await page.evaluate(
      () => [...document.querySelectorAll('a[href^="#"]')]
                .map((link) => link.getAttribute('href').slice(1))
                .filter((anchor) => document.getElementById(anchor) === null));
  faults.push(...lost.map((anchor) => `#${anchor} leads nowhere`));
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (state.viewport.width === narrow_pixels && width > narrow_pixels)
    faults.push(`${width} pixels wide`);
  return faults;
}

async function look_at(browser, file) {
  const page = await browser.newPage();
  await page.goto(`file://${path.resolve(file)}`);
  await page.evaluate(axe);
  for (const state of states) {
    await page.setViewportSize(state.viewport);
    await page.emulateMedia({media: 'screen', colorScheme: 'light', ...state.media});
    tell(`${path.basename(file)}_${state.name}`, await find_faults(page, state));
  }
  await page.close();
}

async function main() {
  // Only our own files are opened, so that the sandbox, which root cannot have, is not missed.
  const browser = await chromium.launch(
      {executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu']});
  try {
    for (const file of process.argv.slice(2)) await look_at(browser, file);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.log(`not ok browser: ${error.message.split('\n')[0]}`);
  process.exitCode = 1;
});
