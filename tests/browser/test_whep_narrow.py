"""A real browser behind a narrow network: the rate gives way, pictures go on, and a wide network is used again."""

from __future__ import annotations

from tests.browser.center import lone_center
from tests.browser.chromium import chinese_page
from tests.browser.test_whep import PATH, log_in, sees
from tests.helpers.narrow_link import narrow_link
from tests.helpers.video import media_process, stamping_robot
from tests.helpers.waiting import eventually

LINK_BPS = 350_000


def watch_through(page, link):
    """Watch; every packet takes the link."""
    page.expose_function("theLink", link.between)

    def answered():
        answer = page.evaluate("path => watch(path, { through: 'theLink', readPictures: false })", PATH)
        return answer if answer["status"] == 201 else None

    return eventually(answered, within_s=60, every_s=0.3, what="the robot answers")["index"]


def test_a_narrow_network_gets_what_it_carries_and_a_wider_one_more(tmp_path):
    center = lone_center(tmp_path)
    center.start()
    try:
        with (
            stamping_robot(center.router_port) as robot,
            media_process(tmp_path, robot.router_port) as media,
            narrow_link(LINK_BPS) as link,
            chinese_page() as page,
        ):
            log_in(page, center)
            viewer = watch_through(page, link)
            eventually(lambda: media.said("30 -> 10 pictures a second"), within_s=90, what="a lower picture rate")
            eventually(lambda: link.queued_bits < 0.3 * LINK_BPS, within_s=90, what="a queue that drains")
            dropped = link.dropped
            sees(page, viewer, 60)
            assert link.dropped - dropped < 30, "few packets are too many for the link"
            link.bps = 20 * LINK_BPS
            eventually(lambda: media.said("10 -> 30 pictures a second"), within_s=120, what="all pictures again")
            sees(page, viewer, 30)
    finally:
        center.stop()
