"""One look for every picture: what each colour means, and how large the words are.

Nothing in the pictures touches ``matplotlib.rcParams`` or ``pyplot``: both are global, and panels draw from a second
thread.
"""

SAYING = "#0072B2"
DOING = "#D55E00"
UNDECIDED = "#999999"

# Dark, light, middle: told apart in grey as well, and by those who do not see red and green.
CLASS_COLORS = {"detractor": "#6D3A66", "passive": "#E4E1DA", "promoter": "#5BA98A"}
ANSWER_COLORS = {**CLASS_COLORS, "yes": CLASS_COLORS["promoter"], "no": CLASS_COLORS["detractor"]}
EXPERIENCE_COLORS = {"disappointed": "#7A4505", "ok": "#ECE4D0", "delighted": "#5AB4AC"}

INK = "#1F1F1F"
QUIET = "#5C5C5C"
RULE = "#DADADA"
BAND = "#EFEFEF"

# 11 × 6.19 inches is 16:9; at 1280 × 720 pixels 12 points are then 19 pixels high.
SIZE = (11.0, 6.1875)
TITLE, SMALLEST_TITLE, BODY, SMALL = 17.0, 14.0, 12.5, 11.5
SCREEN_DPI = 144.0
