using Alcor.Kernel.Resources;

namespace Alcor.Server.Identity;

/// <summary>Says who sent a request.</summary>
internal interface IAuthentication
{
    /// <summary>
    /// Throws only what a client that went away causes; that the identity service is down is an outcome.
    /// </summary>
    ValueTask<Authenticated> AuthenticateAsync(HttpContext http);
}

/// <summary>Who asks, or the answer for somebody who may not ask.</summary>
internal readonly record struct Authenticated
{
    private Authenticated(Caller? caller, Refusal? refusal) => (Caller, Refusal) = (caller, refusal);

    /// <summary>Null exactly when there is a <see cref="Refusal"/>.</summary>
    public Caller? Caller { get; }

    public Refusal? Refusal { get; }

    public static implicit operator Authenticated(Caller caller) => new(caller, null);

    public static implicit operator Authenticated(Refusal refusal) => new(null, refusal);
}
