/**
 * Opens a dialog over the window: made for an effect. What had the focus before has it again afterwards, however the
 * dialog ended.
 */
export function openModal(dialog: HTMLDialogElement): () => void {
  const before = document.activeElement;
  dialog.showModal();
  return () => {
    if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus();
  };
}
