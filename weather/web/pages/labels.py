"""Which of a source's products answer, in one quiet line."""

from weather.messages import N_

PLANS = {
    "onecall3": N_("OpenWeatherMap plan: One Call 3.0."),
    "onecall4": N_("OpenWeatherMap plan: One Call 4.0 beside the free products."),
    "free": N_("OpenWeatherMap plan: the free products."),
}
