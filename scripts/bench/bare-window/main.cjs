/** The least an Electron app can be: one window with one line. What the lab's start is measured against. */
const { app, BrowserWindow } = require('electron');
// The lab's own folder of that name, so that both start from the same kind of profile.
app.setPath('userData', process.env.FAULTLINE_USER_DATA);
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, show: false });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(
    'data:text/html,<html><script>document.documentElement.dataset.ready="true"</script><p>bare</p></html>',
  );
});
app.on('window-all-closed', () => app.quit());
