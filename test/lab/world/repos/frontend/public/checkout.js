'use strict';

const form = document.querySelector('form');
const line = document.querySelector('[role=status]');

async function ask(path, options) {
  const answer = await fetch(`/api${path}`, options);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

async function begin() {
  await ask('/status');
  line.textContent = 'Ready to pay';
}

async function pay(amount) {
  const headers = { 'content-type': 'application/json' };
  const { id } = await ask('/checkout', { method: 'POST', headers, body: JSON.stringify({ amount }) });
  line.textContent = `Paid, number ${id}`;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void pay(Number(form.amount.value));
});
void begin();
