"""What makes moto quicker without changing an answer: most of a short life is spent on reading models and on making keys for nothing."""

import functools
from typing import Any

from agent.demo.speech import module
from collectors.aws.models import Terse


def hasten() -> None:
    """Change moto and its botocore, before the first request."""
    read_models()
    look_up_once()
    make_no_idle_keys()


def read_models() -> None:
    """botocore's models are decoded by msgspec, and without their prose."""
    from botocore.loaders import JSONFileLoader

    JSONFileLoader.exists = lambda _, path: Terse().exists(path)
    JSONFileLoader.load_file = lambda _, path: Terse().load_file(path)


def look_up_once() -> None:
    """What moto looks up at every request, or for every account, and is always the same."""
    module("core.utils").create_loader = functools.cache(module("core.utils").create_loader)
    responses, backend = module("core.responses"), module("core.base_backend").AccountSpecificBackend
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    generate = backend._generate_regions.__wrapped__  # noqa: SLF001 - moto keeps what it finds for each account anew
    regions = functools.cache(lambda service: generate(None, service))
    backend._generate_regions = lambda _, service: list(regions(service))  # noqa: SLF001
    dispatcher = module("moto_server.werkzeug_app").DomainDispatcherApplication
    dispatcher.get_backend_for_host = functools.cache(dispatcher.get_backend_for_host)


def make_no_idle_keys() -> None:
    """moto makes an RSA key for every key of KMS; a symmetric one has no use for it."""
    models = module("kms.models")
    make = models.generate_private_key

    def generate_private_key(spec: str) -> Any:
        return None if spec == "SYMMETRIC_DEFAULT" else make(spec)

    models.generate_private_key = generate_private_key
