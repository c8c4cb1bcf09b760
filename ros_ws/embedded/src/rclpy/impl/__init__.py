"""Where rclpy keeps what is not for users; some use the severities from here all the same."""
