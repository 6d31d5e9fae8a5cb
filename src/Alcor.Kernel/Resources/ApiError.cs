namespace Alcor.Kernel.Resources;

/// <summary>
/// An error that the caller caused, as the Networking API shows it: <c>{"NeutronError": {"type", "message",
/// "detail"}}</c>.
/// </summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Type">The name that clients match on, such as <c>IpAddressAlreadyAllocated</c>.</param>
/// <param name="Message">For people; names the field and the rule.</param>
public sealed record ApiError(int Status, string Type, string Message, string Detail = "")
{
    /// <summary>A request that breaks a rule of its own shape (Neutron: HTTPBadRequest).</summary>
    public static ApiError BadRequest(string message) => new(400, "HTTPBadRequest", message);

    /// <summary>An attribute whose value breaks a rule.</summary>
    public static ApiError InvalidInput(string field, string reason) =>
        BadRequest($"Invalid input for {field}. Reason: {reason}.");

    /// <summary>
    /// An attribute whose value is of another kind than it should be. Neutron does not say which attribute: the detail
    /// does.
    /// </summary>
    public static ApiError Unconvertible(string field, string reason) =>
        new(400, "InvalidInput", $"Invalid input for operation: {reason}.", $"Attribute '{field}'.");

    /// <summary>
    /// A missing resource, worded as Neutron words it: <c>PortNotFound</c>, "Port X could not be found."
    /// </summary>
    /// <param name="type">Its name in snake case: <c>address_scope</c>.</param>
    public static ApiError NotFound(string type, string id)
    {
        var words = type.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]).ToList();
        return new ApiError(
            404, $"{string.Concat(words)}NotFound", $"{string.Join(' ', words)} {id} could not be found.");
    }

    /// <summary>The error of one item of a bulk request: the rest is Neutron's, the detail says which item.</summary>
    public ApiError OfItem(int index, string collection) =>
        Detail.Length > 0 ? this : this with { Detail = $"Item {index} of '{collection}'." };

    public static ApiError Conflict(string type, string message) => new(409, type, message);
}

/// <summary>A value, or the error that the caller caused.</summary>
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, ApiError? error) => (this.value, Error) = (value, error);

    public ApiError? Error { get; }

    public bool IsOk => Error is null;

    /// <exception cref="InvariantException">There is an error instead.</exception>
    public T Value
    {
        get
        {
            Invariant.Require(Error is null, "a result is read only after its error was ruled out");
            return value!;
        }
    }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(ApiError error) => new(default, error);
}
