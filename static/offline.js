// The page without a connection looks for one: at once when the browser says so, else now and then.

const again = () => fetch("/healthz").then(() => location.reload()).catch(() => {});
addEventListener("online", again);
setInterval(again, 5000);
