/**
 * Stands in for Electron's default app, which the fallback runtime was built without: makes `electron FOLDER …` load
 * the app in FOLDER. CommonJS, because it is copied into the runtime's resources/app and runs there.
 */
const { app } = require('electron');
const path = require('node:path');

const argument = process.argv.slice(1).find((text) => !text.startsWith('-'));
if (argument === undefined) {
  console.error('usage: electron FOLDER [arguments]');
  app.exit(2);
} else {
  const folder = path.resolve(argument);
  const description = require(path.join(folder, 'package.json'));
  app.setAppPath(folder);
  app.setName(description.productName || description.name);
  // Electron's default app sets this too; it has no public type.
  if (typeof app.setVersion === 'function') app.setVersion(description.version);
  require(path.join(folder, description.main));
}
