using System.Collections.Immutable;
using Alcor.Kernel.Resources;

namespace Alcor.Network.Sharing;

/// <summary>What Neutron says when something cannot be shared, or not any more.</summary>
internal static class RbacErrors
{
    public static ApiError Duplicate { get; } =
        ApiError.Conflict("DuplicateRbacPolicy", "An RBAC policy already exists with those values.");

    public static ApiError InvalidActionForType(string action, IShareable shareable) => new(
        400,
        "InvalidActionForType",
        $"Invalid action '{action}' for object type '{shareable.Type.Name}'. Valid actions: "
        + string.Join(", ", shareable.Actions));

    public static ApiError NotOwner(IShareable shareable) => Errors.InvalidInput(
        $"Only admins can manipulate policies on {shareable.Type.Name} they do not own");

    /// <summary>The error if the share cannot end with only these left.</summary>
    public static ApiError? RefuseEnding(
        RbacPolicy policy,
        ImmutableArray<Share> left,
        IShareable shareable,
        object shared,
        DecideContext context) =>
        shareable.FindReasonFor(shared, policy.Share, left, context) is { } reason
            ? ApiError.Conflict(
                "RbacPolicyInUse",
                $"RBAC policy on object {policy.ObjectId} cannot be removed because other objects depend on it.\n"
                + $"Details: {reason}")
            : null;
}
