"""The tags and filters that a wording may use."""

from django.template import Library, defaultfilters, defaulttags

register = Library()

register.tag("if", defaulttags.do_if)
register.tag("for", defaulttags.do_for)
register.tag("comment", defaulttags.comment)

register.filter("capfirst", defaultfilters.capfirst)
register.filter("default", defaultfilters.default)
register.filter("first", defaultfilters.first)
register.filter("last", defaultfilters.last)
register.filter("length", defaultfilters.length)
register.filter("linebreaksbr", defaultfilters.linebreaksbr)
register.filter("lower", defaultfilters.lower)
register.filter("pluralize", defaultfilters.pluralize)
register.filter("upper", defaultfilters.upper)
