/**
 * Stands in for Electron's default app, which the fallback runtime was built without: makes `electron FOLDER …` load
 * the app in FOLDER. CommonJS, because it is copied into the runtime's resources/app and runs there.
 */
const { app } = require('electron');
const path = require('node:path');

/** Switches of the command line whose value is an argument of its own. */
const REQUIRE = ['-r', '--require'];

const given = process.argv.slice(1);
const argument = given.find((text, i) => !text.startsWith('-') && !REQUIRE.includes(given[i - 1]));
if (argument === undefined) {
  console.error('usage: electron [-r FILE] FOLDER [arguments]');
  app.exit(2);
} else {
  const folder = path.resolve(argument);
  const description = require(path.join(folder, 'package.json'));
  app.setAppPath(folder);
  app.setName(description.productName || description.name);
  // Electron's default app sets this too; it has no public type.
  if (typeof app.setVersion === 'function') app.setVersion(description.version);
  for (const [i, text] of given.slice(0, given.indexOf(argument)).entries())
    if (REQUIRE.includes(text)) require(path.resolve(given[i + 1]));
  require(path.join(folder, description.main));
}
