"""Sources as nobody would write them: real ones after some random changes of bytes, lines, tokens, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

LARGEST = 100_000  # bytes of a mutant: what repeats itself must end somewhere
_HOW_MANY = (1, 1, 1, 2, 2, 3, 5, 8)
_REPEATS = (1, 2, 5, 50)
_DEPTHS = (3, 30, 300, 3_000)
_TOKEN = re.compile(rb"\w+|\s+|[^\w\s]")
_NAME = re.compile(rb"[^\W\d]\w*")

_OPENERS = b"""
( [ { < f( a[ a. a? a?. ! - ~ & * + # @ | ; : , -> => .. ... :: \\ ' " ` \''' \""" /* // r#" f"{ ${ `${
<a> </ <a_b={ #[ #![ m!( $( $a: a= a, a| a:a, lambda: not_ await_ yield_ async_ else_ elif_a: if_a: if(a)
else_if(a) for_a_in_b: for(;;) while(a) try: with_a: def_a(): class_A: class_A{ class_A(A): match_a: match_a{
case_a: ()=> function*a(){ new_ typeof_ keyof_ infer_A_extends_ A_extends_B? Vec< &mut_ &'a_ impl_ dyn_
fn_a(){ mod_a{ impl_A{ trait_A{ unsafe{ |x| a?_b: a_if_b_else_ import_ from_ use_a::{ export_ namespace_a{
declare_ enum_A{ switch(a){ where_A: *a,**
""".split()
_OPENERS = tuple(each.replace(b"_", b" ") for each in _OPENERS)
_CLOSERS = {b"(": b")", b"[": b"]", b"{": b"}", b"<": b">"}
_ODD_TEXT = ("\u2028", "\u2029", "\u200b", "\u202e", "\ufeff", "é", "e\u0301", "ſ", "𝔘", "😀", "\ufdd0")
_ODD = (
    *(b"\0", b"\r", b"\r\n", b"\n", b"\x0c", b"\x0b", b"\x1a", b"\x1b[0m", b"\x7f", b"\x85", b"\t"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x80", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xff" * 9),
    *(b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80"),  # a lone surrogate, an overlong NUL, past the last
    *(each.encode() for each in _ODD_TEXT),
    *(b"\\\n", b"\\u{110000}", b"\\ud800", b"\\N{x}", b"9" * 5_000, b"0x", b"1e999", b"a" * 20_000),
    *(b"# coding: utf-16\n", b"# -*- coding: nonsense -*-\n", b"#!/usr/bin/env x\n"),
)  # fmt: skip

Mutator: TypeAlias = Callable[[Random, bytes, Sequence[bytes]], bytes]


def mutant(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    """A source after one to eight changes, some of which take pieces of others."""
    for _ in range(random.choice(_HOW_MANY)):
        source = random.choice(MUTATORS)(random, source, others)[:LARGEST]
    return source


# bytes


def flip_bits(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    changed = bytearray(source or b"\0")
    for _ in range(random.randint(1, 8)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def insert_bytes(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    at = random.randint(0, len(source))
    return source[:at] + random.randbytes(random.randint(1, 9)) + source[at:]


def insert_odd(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    """Something that is hard to read, at the front, or anywhere."""
    at = random.choice((0, random.randint(0, len(source))))
    return source[:at] + random.choice(_ODD) * random.choice(_REPEATS) + source[at:]


def delete_span(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _span(random, source)
    return source[:start] + source[end:]


def duplicate_span(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _span(random, source)
    return source[:end] + source[start:end] * random.choice(_REPEATS) + source[end:]


def swap_spans(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    a, b, c, d = sorted(random.randint(0, len(source)) for _ in range(4))
    return source[:a] + source[c:d] + source[b:c] + source[a:b] + source[d:]


def truncate(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    at = random.randint(0, len(source))
    return random.choice((source[:at], source[at:]))


def splice(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    """The head of one and the tail of another."""
    other = random.choice(others)
    return source[: random.randint(0, len(source))] + other[random.randint(0, len(other)) :]


def transplant(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    """A piece of another somewhere in the middle."""
    other, at = random.choice(others), random.randint(0, len(source))
    start, end = _span(random, other)
    return source[:at] + other[start:end] + source[at:]


def end_lines_otherwise(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    endings = random.choice(((b"\r\n",), (b"\r",), (b"\n", b"\r\n", b"\r", b"\n\r", b"\x0c\n")))
    return b"".join(line + random.choice(endings) for line in source.splitlines())


def encode_otherwise(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    text = source.decode("utf-8", "replace")
    return text.encode(random.choice(("utf-16", "utf-32", "utf-8-sig", "latin-1", "utf-7")), "replace")


# lines


def drop_lines(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    return _on_pieces(random, source.splitlines(keepends=True), lambda piece: b"")


def repeat_lines(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    times = random.choice(_REPEATS) + 1
    return _on_pieces(random, source.splitlines(keepends=True), lambda piece: piece * times)


def indent_lines(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    by = random.choice((b" ", b"    ", b"\t", b" " * 500))
    return _on_pieces(random, source.splitlines(keepends=True), lambda piece: by + piece.lstrip(b"\t"))


def swap_lines(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    return _swap(random, source.splitlines(keepends=True))


# tokens and names


def drop_tokens(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    return _on_pieces(random, _TOKEN.findall(source), lambda piece: b"")


def repeat_tokens(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    times = random.choice(_REPEATS) + 1
    return _on_pieces(random, _TOKEN.findall(source), lambda piece: piece * times)


def replace_tokens(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    foreign = _TOKEN.findall(random.choice((source, random.choice(others)))) or [b""]
    return _on_pieces(random, _TOKEN.findall(source), lambda piece: random.choice(foreign))


def swap_tokens(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    return _swap(random, _TOKEN.findall(source))


def rename(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    """A name called as another one everywhere: definitions collide, bases and aliases turn into circles."""
    names = sorted(set(_NAME.findall(source))) or [b"a"]
    old, new = random.choice(names), random.choice(names)
    return re.sub(rb"\b%b\b" % re.escape(old), new, source)


def nest(random: Random, source: bytes, others: Sequence[bytes]) -> bytes:
    """Something opened many times, and sometimes closed."""
    opener, depth = random.choice(_OPENERS), random.choice(_DEPTHS)
    closer = _CLOSERS.get(opener[-1:], b"") * random.choice((0, depth, depth // 2))
    start, end = _span(random, source)
    return source[:start] + opener * depth + source[start:end] + closer + source[end:]


MUTATORS: tuple[Mutator, ...] = (
    *(flip_bits, insert_bytes, insert_odd, delete_span, duplicate_span, swap_spans, truncate),
    *(splice, transplant, end_lines_otherwise, encode_otherwise),
    *(drop_lines, repeat_lines, indent_lines, swap_lines),
    *(drop_tokens, repeat_tokens, replace_tokens, swap_tokens, rename, rename, nest, nest),
)  # fmt: skip


def _span(random: Random, source: bytes) -> tuple[int, int]:
    """A piece of a source, more often short than long."""
    start = random.randint(0, len(source))
    return start, min(len(source), start + int(random.expovariate(1 / 200)))


def _on_pieces(random: Random, pieces: list[bytes], change: Callable[[bytes], bytes]) -> bytes:
    """The pieces joined again, some of them changed."""
    for _ in range(random.randint(1, 5)):
        if pieces:
            at = random.randrange(len(pieces))
            pieces[at] = change(pieces[at])[:LARGEST]
    return b"".join(pieces)


def _swap(random: Random, pieces: list[bytes]) -> bytes:
    if pieces:
        one, other = random.randrange(len(pieces)), random.randrange(len(pieces))
        pieces[one], pieces[other] = pieces[other], pieces[one]
    return b"".join(pieces)
