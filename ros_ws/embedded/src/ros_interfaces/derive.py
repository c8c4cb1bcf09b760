"""Makes the messages that ROS derives from a service or an action."""

from __future__ import annotations

from ros_interfaces.definition import ActionDef, Field, FieldType, MessageDef, ServiceDef, Shape


def service_of(name: str, request: MessageDef, response: MessageDef) -> ServiceDef:
    """A service with its introspection event."""
    event = MessageDef(
        name=f"{name}_Event",
        fields=(
            single("info", "service_msgs/msg/ServiceEventInfo"),
            Field(name="request", type=FieldType(base=request.name, shape=Shape.BOUNDED, capacity=1)),
            Field(name="response", type=FieldType(base=response.name, shape=Shape.BOUNDED, capacity=1)),
        ),
    )
    return ServiceDef(name=name, request=request, response=response, event=event)


def action_of(name: str, goal: MessageDef, result: MessageDef, feedback: MessageDef) -> ActionDef:
    """An action with the services and the feedback message that carry it."""
    goal_id = single("goal_id", "unique_identifier_msgs/msg/UUID")
    send_goal = service_of(
        f"{name}_SendGoal",
        MessageDef(name=f"{name}_SendGoal_Request", fields=(goal_id, single("goal", goal.name))),
        MessageDef(
            name=f"{name}_SendGoal_Response",
            fields=(single("accepted", "bool"), single("stamp", "builtin_interfaces/msg/Time")),
        ),
    )
    get_result = service_of(
        f"{name}_GetResult",
        MessageDef(name=f"{name}_GetResult_Request", fields=(goal_id,)),
        MessageDef(name=f"{name}_GetResult_Response", fields=(single("status", "int8"), single("result", result.name))),
    )
    feedback_message = MessageDef(name=f"{name}_FeedbackMessage", fields=(goal_id, single("feedback", feedback.name)))
    return ActionDef(
        name=name, goal=goal, result=result, feedback=feedback,
        send_goal=send_goal, get_result=get_result, feedback_message=feedback_message,
    )  # fmt: skip


def single(name: str, base: str) -> Field:
    """A field of one value."""
    return Field(name=name, type=FieldType(base=base))
