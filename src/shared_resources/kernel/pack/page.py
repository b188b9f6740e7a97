"""The page of a pack: plain Chinese, for whoever opens it on a computer without a network."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEAD = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>
<style>
body{{font:16px/1.7 "Noto Sans SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%;margin:1rem 0}}
td,th{{border:1px solid #bbb;padding:.4rem .6rem;text-align:left;vertical-align:top}}
code{{font-size:.8rem;word-break:break-all}}</style>
<h1>{title}</h1><p>{lead}</p>"""
HOW = """<h2>如何核验</h2><ol><li>解压整个压缩包，不要改动其中任何文件。</li>
<li>在任何装有 Python 3.8 以上版本的电脑上（无需联网），于命令行运行：<code>python data/check.py</code></li>
<li>程序重新计算全部文件、日志、检查点和签名；有一个字节、一行日志被改动、删除或者增加，都会指明是哪一个。</li>
<li>核验通过时显示签名公钥，请与签发系统公布的公钥核对。</li>
<li>包内有 timestamp.tst 时，可用时间戳服务机构公布的根证书核验其证书：<code>openssl ts -verify -data
tagmanifest-sha256.txt -in timestamp.tst -token_in -CAfile 根证书.pem</code></li></ol></html>"""


def index(title: str, lead: str, tables: Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]]) -> str:
    """A page with tables: caption, heads, rows."""
    parts = [HEAD.format(title=escape(title), lead=escape(lead))]
    for caption, heads, rows in tables:
        head = "".join(f"<th>{escape(one)}</th>" for one in heads)
        body = "".join("<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in rows)
        parts.append(f"<h2>{escape(caption)}</h2><table><tr>{head}</tr>{body}</table>")
    return "".join(parts) + HOW
