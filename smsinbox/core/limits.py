"""How often somebody may try: counted in Redis, in this process's memory while Redis is away."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(
    key_func=get_remote_address,
    in_memory_fallback_enabled=True,
    swallow_errors=True,
    headers_enabled=False,
)


def storage(redis_url: str) -> str:
    """Redis's address in the words of the limiter's storage."""
    if not redis_url:
        return "memory://"
    return "redis+" + redis_url if redis_url.startswith("unix://") else redis_url
