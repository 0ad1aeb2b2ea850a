"""What `/:help` says. In English, as the documentation is."""

HELP = """\
Weatherglass in a terminal. Every answer says how old it is.

  curl {address}/London              the report: now, hours, days, warnings
  curl {address}/New+York            a plus sign is a space
  curl {address}/Springfield,IL      a region or country after a comma
  curl {address}/51.51,-0.13         a point
  curl {address}/muc                 an airport
  curl {address}/:help               this text

A name that is not known is 404, with places whose names are near; no other
place is shown instead. Quote an address that holds a ? or an &.

Options, which may be joined (?0Tm):
  0 1 2    now alone; today; today and tomorrow     T  no colour   A  colour
  m u M    metric; US units; metric with m/s        n  narrow (40 columns)
  &lang=de           a language: {languages}
  &units=uk          metric, si, us, uk; and wind=, temperature=, pressure=, ...

One line, for a status bar (&format=):
  1  🌦 +12°C                       3  London: 🌦 +12°C
  2  🌦 🌡️+12°C 🌬️↗18km/h           4  London: 🌦 🌡️+12°C 🌬️↗18km/h
or codes of your own, such as format=%l:+%c+%t :
  %c %x %C  condition: symbol, signs, words    %l  place
  %t %f     temperature, felt temperature      %w  wind
  %h        humidity                           %P  pressure
  %p %o     precipitation, its chance          %u  UV index
  %D %S %z  dawn, sunrise, noon                %s %d  sunset, dusk
  %m %M     moon: phase, days since new        %T %Z  time, time zone
A line that is old says so behind its words: (3 h ago).

JSON in the shape of wttr.in: format=j1. Better: /api/v1, see /docs.
"""
