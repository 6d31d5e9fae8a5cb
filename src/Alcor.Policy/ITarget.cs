namespace Alcor.Policy;

/// <summary>
/// What a request is about, as rules see it. For a creation it is the resource as it would be, defaults included; for
/// an update the resource with the request's values put over it; else the resource as it is.
/// </summary>
/// <remarks>
/// <para>Rules that come with Alcor ask for <c>project_id</c>; <c>shared</c> and <c>router:external</c> of what can be
/// shared; <c>device_owner</c>; <c>target_tenant</c> of an RBAC policy; <c>network:project_id</c> and
/// <c>network:shared</c> of what is in a network; <c>security_group:project_id</c> of a security group's rule;
/// <c>ext_parent:project_id</c> of what is below a floating IP, a router or a local IP. A QoS rule answers for its
/// policy.</para>
/// <para><c>tenant_id</c> is the old name of <c>project_id</c>: rules may use it, a target is asked for the
/// new one only. A rule for <c>field:networks:shared</c> asks for <c>shared</c>, then for
/// <c>network:shared</c>.</para>
/// </remarks>
public interface ITarget
{
    /// <summary>
    /// The attribute as text, as Python prints it, because rules compare with that: <c>True</c>, <c>False</c>, and
    /// <c>None</c> for null. Null when there is no such attribute, which fulfils no check.
    /// </summary>
    string? Text(string attribute);
}
