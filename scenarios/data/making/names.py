"""Names of companies and people, made up from common words."""

from __future__ import annotations

from collections.abc import Iterator

from making.draws import Draws


def _words(text: str) -> list[str]:
    return text.split()


_FIRST = _words("""
Alder Amber Anchor Aspen Atlas Beacon Birch Blue Bright Canyon Cedar Cinder Clear Cobalt Copper Coral
Crescent Delta Ember Falcon Fern Flint Garnet Glacier Golden Granite Harbor Hazel Heron Hollow Indigo Iron Ivory
Jasper Juniper Keystone Lark Laurel Linden Lunar Maple Meadow Mesa Mill North Oak Onyx Orchard Osprey Pebble Pine
Prairie Quarry Quartz Raven Ridge River Robin Rowan Saffron Sage Sable Silver Slate Sparrow Spruce Stone Summit
Sycamore Tidal Timber Topaz Umber Valley Vesper Walnut Willow Winter Wren""")
_SECOND = _words("""
Analytics Apparel Aviation Bank Biotech Builders Capital Ceramics Chemical Clinics Components
Controls Credit Dairy Dental Diagnostics Dynamics Electric Energy Engineering Farms Fasteners Fitness Foods Foundry
Freight Furniture Glass Grocers Hardware Health Hotels Insurance Instruments Labs Lending Logistics Machining
Marine Media Medical Metals Mobility Motors Optics Packaging Paper Pharma Plastics Power Press Printing Properties
Rail Robotics Schools Security Semiconductor Software Solar Staffing Steel Studios Supply Systems Telecom Textiles
Tools Toys Transit Trucking Utilities Water Wireless""")
_FORM = ("", "", "", "", " Inc.", ", Inc.", " LLC", ", LLC", " Co.", " Group", " & Sons", " Partners")
_GIVEN = _words("""
Aisha Alex Ana Andre Anh Ben Carla Chen Chris Dana Daniel Dev Elena Eli Emma Farid Grace Hana Hugo Ines
Ivan Jade James Jin Jonas Kai Karen Kofi Lara Leo Liam Lin Lucia Malik Mara Maya Mei Nadia Nina Noah Omar Paul Petra
Priya Quinn Rafael Ravi Rosa Ruth Sam Sara Sven Tara Theo Tomas Uma Vera Wei Yara Zoe""")
_FAMILY = _words("""
Abbott Adeyemi Alvarez Baker Bauer Bennett Bianchi Brooks Carver Castillo Chan Cohen Costa Dalton Diaz
Duarte Ekström Farrell Fischer Flores Foster Garcia Greene Haddad Hansen Hayes Hughes Ibrahim Ito Jansen Johnson Kaur
Keller Kim Kowalski Larsen Lee Lopez Marino Mbeki Meyer Morgan Nakamura Nguyen Novak Obrien Okafor Olsen Patel Perez
Quist Reyes Rossi Sato Schmidt Silva Singh Tanaka Turner Vargas Walker Weber Wong Young Zhang""")


def companies(purpose: str) -> Iterator[str]:
    """Yield company names, each once."""
    draws, used = Draws(f"{purpose} company names"), set()
    while True:
        stem = f"{draws.pick(_FIRST)} {draws.pick(_SECOND)}"
        name = stem + draws.pick(_FORM)
        if stem not in used:
            used.add(stem)
            yield name


def people(purpose: str) -> Iterator[str]:
    """Yield names of people, each once."""
    draws, used = Draws(f"{purpose} people"), set()
    while True:
        name = f"{draws.pick(_GIVEN)} {draws.pick(_FAMILY)}"
        if name not in used:
            used.add(name)
            yield name
