"""Jinja as our pages use it: one environment for each language, strict about names, escaping everything."""

from __future__ import annotations

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import shared_resources
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Permission, Relation, Role
from shared_resources.kernel.web.assets import asset
from shared_resources.kernel.web.formats import filters_for
from shared_resources.kernel.web.language import Language

PACKAGE = Path(shared_resources.__file__).parent
EXTENSIONS = ("jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols")


def folders() -> list[Path]:
    """Where templates lie: the site's first, then each department's ``templates/<department>/``."""
    site = PACKAGE / "site" / "templates"
    return [site, *sorted(folder for folder in PACKAGE.glob("*/templates") if folder != site)]


def environment_for(language: Language) -> Environment:
    """The environment of a language, made once; templates are compiled once for each."""
    return _environment(language)


@functools.cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders()),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=EXTENSIONS,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        language.gettext, language.ngettext, newstyle=True
    )
    environment.filters.update(filters_for(language))
    environment.globals.update(
        asset=asset,
        new_id=new_id,
        locale=language.locale,
        language=language,
        Permission=Permission,
        Relation=Relation,
        Role=Role,
    )
    return environment
