"""From where a face is in the picture to where it is from the robot, when the camera turns with the head."""

from math import atan2, cos, degrees, radians, sin, tan


def turned_deg(pan_deg: float, tilt_deg: float, camera_pan_deg: float, camera_tilt_deg: float) -> tuple[float, float]:
    """The direction (`pan_deg`, `tilt_deg`) seen by a camera that itself points (`camera_pan_deg`, `camera_tilt_deg`).

    Degrees, positive left and up from the robot's point of view; what is seen lies within 90 degrees of the camera's
    axis. The neck pans first and tilts the panned head, so the ray is turned by the tilt and then by the pan. Adding
    angles would be off by up to 3 degrees at the edge of the picture of a head tilted by 20.
    """
    if camera_pan_deg == 0.0 and camera_tilt_deg == 0.0:
        return pan_deg, tilt_deg
    left, up, tilt = tan(radians(pan_deg)), tan(radians(tilt_deg)), radians(camera_tilt_deg)
    ahead = cos(tilt) - up * sin(tilt)
    height = sin(tilt) + up * cos(tilt)
    return round(camera_pan_deg + degrees(atan2(left, ahead)), 3), round(degrees(atan2(height, ahead)), 3)
